def start_backends(ground, certificates):
    return {}
