namespace Darkroom.Server.Configuration.Rows;

/// <summary>A file that holds one secret, as containers get them.</summary>
internal static class SecretFile
{
    /// <summary>More than any secret has: who names a device or a picture by mistake is told so at once.</summary>
    private const int MaxBytes = 64 * 1024;

    /// <returns>Its text without the white space around it; null where it cannot be read.</returns>
    public static string? Read(string path, string home)
    {
        try
        {
            using var file = File.OpenRead(Path.GetFullPath(path, home));
            var bytes = new byte[MaxBytes + 1];
            int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > MaxBytes ? null : new StreamReader(new MemoryStream(bytes, 0, count)).ReadToEnd().Trim();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
