"""The bucket as the job uses it."""

# DeleteObjects takes at most 1000 keys.
DELETE_LIMIT = 1000


class Lake:
    """The bucket, through S3's own API."""

    def __init__(self, s3, bucket):
        self.s3, self.bucket = s3, bucket

    def list(self, prefix):
        """[(key, etag)]"""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [(item["Key"], item["ETag"]) for page in pages for item in page.get("Contents", [])]

    def list_empty(self, prefix):
        """Keys of objects of 0 bytes."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", []) if item["Size"] == 0]

    def read(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()

    def write(self, key, text):
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=text.encode())

    def copy(self, source, target):
        """Replaces the target at once. CopyObject takes at most 5 GB."""
        self.s3.copy_object(Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": source})

    def remove(self, keys):
        for start in range(0, len(keys), DELETE_LIMIT):
            batch = [{"Key": key} for key in keys[start:start + DELETE_LIMIT]]
            answer = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                failed = answer["Errors"][0]
                raise RuntimeError(f"s3://{self.bucket}/{failed['Key']}: {failed['Code']} {failed['Message']}")
