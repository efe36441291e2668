using Darkroom.Server.Configuration.Rows;
using Darkroom.Storage.S3;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>The object store of pictures.</summary>
internal static class S3Group
{
    public static readonly SettingGroup Group = new(
        "Pictures in a bucket", "Of any S3-compatible object store: [decision 18](decisions/0018-pictures-in-s3.md).");

    private const string Amazon = "those that the environment has for Amazon's clients";

    private static readonly Setting<ArtifactKind> Artifacts = Group.Choice(
        "Artifacts", ArtifactKind.Files, "Where pictures are kept, sent ones and made ones: where jobs are (`files`), or in the bucket.");

    private static readonly Setting<Uri?> Endpoint = Group.Text(
        "S3:Endpoint", new TextKind<Uri?>(
            "an http or https address", "must be an address such as https://s3.example.org, without a name or password", AddressOf,
            static address => address?.ToString()) { IsSensitive = true },
        null, "Another store than Amazon's; it is addressed path-style.", "Amazon's of the region");

    private static readonly Setting<string?> Bucket = Group.Text(
        "S3:Bucket", new TextKind<string?>(
            "3…63 lower-case letters, digits, dots and hyphens", "must have 3…63 lower-case letters, digits, dots and hyphens",
            static text => IsBucket(text) ? text : null, static text => text),
        null, "Made when it is missing and the keys may. Servers that share a bucket must share their jobs: another server's pictures look like left-overs.");

    private static readonly Setting<string> Region = Group.Text(
        "S3:Region", new TextKind<string>("a name", "must be a name", static text => text, static text => text),
        new S3Options { Bucket = "" }.Region, "As the store calls it.");

    private static readonly Setting<string?> AccessKey = KeyRow("S3:AccessKey", "Who the server is at the store; with the secret key or not at all.");

    private static readonly Setting<string?> SecretKey = KeyRow("S3:SecretKey", "The secret to it.");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings)
    {
        var artifacts = section.Read(Artifacts);
        return settings with { Artifacts = artifacts, S3 = BucketOf(section, artifacts) };
    }

    /// <returns>Null where there is no bucket, which is a fault where pictures are to be kept in one.</returns>
    private static S3Options? BucketOf(SettingsReader section, ArtifactKind kind)
    {
        var (endpoint, bucket, region) = (section.Read(Endpoint), section.Read(Bucket), section.Read(Region));
        var (access, secret) = (section.Read(AccessKey), section.Read(SecretKey));
        if (section.IsGiven(AccessKey) != section.IsGiven(SecretKey))
        {
            var missing = section.IsGiven(AccessKey) ? SecretKey : AccessKey;
            section.Refuse(missing, "is missing: the two keys of an object store are given both or not at all");
        }
        if (kind == ArtifactKind.S3 && !section.IsGiven(Bucket))
            section.Refuse(Bucket, "is missing: pictures are to be kept in a bucket (Darkroom:Artifacts is s3)");
        return bucket is null ? null : new() { Endpoint = endpoint, Bucket = bucket, Region = region, AccessKey = access, SecretKey = secret };
    }

    private static Setting<string?> KeyRow(string key, string about) => Group.Secret<string>(
        key, "must have no spaces", static text => text.Length > 0 && !text.Any(char.IsWhiteSpace) ? text : null, about, Amazon);

    private static Uri? AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" } ? uri : null;

    private static bool IsBucket(string name) =>
        name.Length is >= 3 and <= 63 && name.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]);
}
