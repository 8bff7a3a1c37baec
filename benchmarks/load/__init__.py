"""What one process bears: crowds of clients, and clients that hold on, in processes beside the service."""
