using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>One picture of a result.</summary>
public sealed record GeneratedImage
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    /// <summary>The request's seed + index.</summary>
    public required long Seed { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Of the file.</summary>
    public required PictureFormat Format { get; init; }

    /// <summary>Length of the file in bytes.</summary>
    [JsonPropertyName("bytes")]
    public required long Length { get; init; }

    /// <summary>Of the file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>
    /// Its address on the server, as long as it is held there: <see cref="DarkroomClient.GetImageAsync(GeneratedImage, CancellationToken)"/>.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>How it differs from the picture that was to be verified; null for any other.</summary>
    public PictureComparison? Comparison { get; init; }

    /// <summary>Where the words that the request explains were drawn; null where it explains none.</summary>
    public IReadOnlyList<Attribution>? Attributions { get; init; }

    /// <summary>The file; null where it was not fetched.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>Writes the file that was fetched.</summary>
    /// <param name="path">Where to; what lies there is replaced.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="InvalidOperationException">The picture was left at its address.</exception>
    public async Task SaveAsync(string path, CancellationToken cancellationToken = default)
    {
        if (Data is not { } data)
            throw new InvalidOperationException("The picture was not fetched: it is at its address, from where DarkroomClient.DownloadImageAsync writes it.");
        await File.WriteAllBytesAsync(path, data, cancellationToken).ConfigureAwait(false);
    }
}
