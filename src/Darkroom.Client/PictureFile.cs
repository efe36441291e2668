namespace Darkroom.Client;

/// <summary>A picture's file, as it was fetched.</summary>
/// <param name="Data">The file.</param>
/// <param name="MediaType"><c>image/png</c>, <c>image/jpeg</c> or <c>image/webp</c>; <c>application/octet-stream</c> for npy.</param>
/// <param name="ETag">What another request gives to be spared an unchanged file; null where the server gave none.</param>
public sealed record PictureFile(ReadOnlyMemory<byte> Data, string MediaType, string? ETag);
