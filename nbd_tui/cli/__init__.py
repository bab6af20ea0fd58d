"""The command line: reads arguments and wires the program. Each command imports the heavy parts it needs."""
