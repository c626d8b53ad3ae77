"""The rules of the house, as functions that return findings, and the tests that hold the project to them.

`python -m tests.house` prints every finding; script/lint runs it. Each rule also has a test that shows it
what it must find, so that a rule which has gone blind is noticed.
"""
