"""The same door as ``commonweal``, for tools that look for a manage.py."""

from config.cli import main

if __name__ == "__main__":
    main()
