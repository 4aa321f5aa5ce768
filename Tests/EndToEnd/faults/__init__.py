"""Parts of the fault trials: a provider, a workspace, a Redis with Sentinels and three replicas, and what stands between them."""
