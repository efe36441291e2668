using System.Text;

namespace Darkroom.Storage.S3;

/// <summary>Which bucket of which object store.</summary>
public sealed record S3Options
{
    /// <summary>Of a store that is not Amazon's; it is addressed path-style then. Null: Amazon's of the region.</summary>
    public Uri? Endpoint { get; init; }

    public required string Bucket { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>Null, with the secret: those that the environment has for Amazon's clients.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    // What is printed of settings must not have the secret.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Endpoint = ").Append(Endpoint).Append(", Bucket = ").Append(Bucket).Append(", Region = ").Append(Region);
        return true;
    }
}
