namespace Darkroom.Storage.S3;

/// <summary>An object of a list.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="WrittenAt">By the store's clock.</param>
internal sealed record S3Entry(string Key, long Length, DateTimeOffset WrittenAt);
