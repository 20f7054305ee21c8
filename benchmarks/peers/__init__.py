"""The peers that Reknit is measured against, each given the same rows in the same run."""
