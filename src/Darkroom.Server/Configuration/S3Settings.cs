using Darkroom.Storage.S3;

namespace Darkroom.Server.Configuration;

/// <summary>The object store of pictures: <c>S3:Endpoint</c>, <c>Bucket</c>, <c>Region</c>, <c>AccessKey</c> and <c>SecretKey</c>.</summary>
internal static class S3Settings
{
    private const string Endpoint = "S3:Endpoint", Bucket = "S3:Bucket", AccessKey = "S3:AccessKey", SecretKey = "S3:SecretKey";

    /// <returns>Null where there is no bucket, which is a fault where pictures are to be kept in one.</returns>
    public static S3Options? Read(SettingsReader section, string home, ArtifactKind kind)
    {
        var endpoint = EndpointOf(section);
        string? bucket = section.Text(Bucket), region = section.Text("S3:Region");
        string? access = KeyOf(section, AccessKey, home), secret = KeyOf(section, SecretKey, home);
        if (section.HasSecret(AccessKey) != section.HasSecret(SecretKey))
            section.Refuse(section.HasSecret(AccessKey) ? SecretKey : AccessKey, "is missing: the two keys of an object store are given both or not at all");
        if (bucket is null)
        {
            if (kind == ArtifactKind.S3) section.Refuse(Bucket, "is missing: pictures are to be kept in a bucket (Darkroom:Artifacts is s3)");
            return null;
        }
        if (!IsBucket(bucket)) section.Fault(Bucket, "must have 3…63 lower-case letters, digits, dots and hyphens");
        var options = new S3Options { Endpoint = endpoint, Bucket = bucket, AccessKey = access, SecretKey = secret };
        return region is null ? options : options with { Region = region };
    }

    private static Uri? EndpointOf(SettingsReader section)
    {
        if (section.Text(Endpoint) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }) return uri;
        section.Refuse(Endpoint, "must be an address such as https://s3.example.org, without a name or password"); // unquoted: there may be one
        return null;
    }

    private static string? KeyOf(SettingsReader section, string key, string home) =>
        section.Secret(key, home, text => text.Length > 0 && !text.Any(char.IsWhiteSpace), "must have no spaces");

    private static bool IsBucket(string name) =>
        name.Length is >= 3 and <= 63 && name.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]);
}
