"""`python -m service` is the command `concord`."""

from service.cli import main

main()
