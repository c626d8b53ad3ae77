"""Exit with 0 when the server on this machine answers, with 1 when it does not; Dockerfile runs it."""

import http.client
import os
import sys

PORT = 8000
SECONDS = 4


def answers() -> bool:
    """Whether a page came back; a redirect to https is an answer, an error of the server is none."""
    host = os.environ.get("COMMONWEAL_HOSTS", "127.0.0.1").split(",")[0].strip()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=SECONDS)
    try:
        connection.request("GET", "/", headers={"Host": host})
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if answers() else 1)
