"""What durable jobs survive and cost: a fleet of processes, clients that can tell jobs apart, kills and faults."""
