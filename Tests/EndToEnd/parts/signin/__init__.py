"""The sign-in page of the trial's OAuth provider."""
