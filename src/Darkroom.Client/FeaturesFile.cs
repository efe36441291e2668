using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>What layers of a model made of a picture: a safetensors file with a float32 tensor for each.</summary>
/// <param name="Layers">The tensors, in the order of the request.</param>
/// <param name="Url">
/// Its address on the server, as long as it is held: <see cref="DarkroomClient.GetImageAsync(string, CancellationToken)"/> fetches it.
/// </param>
/// <param name="Length">Of the file, bytes.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
public sealed record FeaturesFile(
    IReadOnlyList<LayerTensor> Layers, string Url, [property: JsonPropertyName("bytes")] long Length, string Sha256)
{
    /// <summary>The file; null where it was not fetched.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte>? Data { get; init; }
}

/// <summary>What one layer gave, float32.</summary>
/// <param name="Name">The layer, which is the tensor's name in the file.</param>
/// <param name="Shape">Sides of the tensor.</param>
public sealed record LayerTensor(string Name, IReadOnlyList<int> Shape);
