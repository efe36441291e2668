using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Reads what layers of a model make of a picture. A value that is null is not sent: the server has its own.</summary>
public sealed record FeaturesRequest
{
    /// <summary>PNG, JPEG or WebP of at most 32 MiB.</summary>
    public required PictureSource Image { get; init; }

    /// <summary>Id of a model; null: the server's default.</summary>
    public string? Model { get; init; }

    /// <summary>What the picture shows, where that is known; null: nothing is said.</summary>
    public string? Prompt { get; init; }

    /// <summary>Training timestep whose noise the picture is shown with; null: 261.</summary>
    public int? Timestep { get; init; }

    /// <summary>1…32 layers, as <see cref="Catalog.ModelCapabilities.Layers"/> has them, or nodes of the graph; null: the middle of the network.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>Decides the noise; null: drawn by the server.</summary>
    public long? Seed { get; init; }
}

/// <summary>What layers of a model made of a picture.</summary>
/// <param name="JobId">Of the job that read them.</param>
/// <param name="Seed">That decided the noise.</param>
/// <param name="File">A safetensors file: a float32 tensor for each layer, by its name.</param>
public sealed record FeaturesResult(string JobId, long Seed, ReadOnlyMemory<byte> File);

/// <summary>The file of what layers of a model made of a picture.</summary>
/// <param name="Layers">The tensors, in the order of the request.</param>
/// <param name="Url">
/// Its address on the server, as long as it is held: <see cref="DarkroomClient.GetImageAsync(string, CancellationToken)"/> fetches it.
/// </param>
/// <param name="Length">Of the file, bytes.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
public sealed record FeaturesFile(
    IReadOnlyList<LayerTensor> Layers, string Url, [property: JsonPropertyName("bytes")] long Length, string Sha256);

/// <summary>What one layer gave, float32.</summary>
/// <param name="Name">The layer, which is the tensor's name in the file.</param>
/// <param name="Shape">Sides of the tensor.</param>
public sealed record LayerTensor(string Name, IReadOnlyList<int> Shape);
