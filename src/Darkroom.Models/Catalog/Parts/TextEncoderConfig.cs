using System.Text.Json;
using Darkroom.Models.Files;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>What a text encoder's <c>config.json</c> says; null where it does not.</summary>
/// <param name="Width">Channels of each token's output.</param>
/// <param name="Positions">Tokens it can take at most.</param>
/// <param name="Layers">Layers one behind the other.</param>
/// <param name="PooledWidth">Length of the vector for the whole text.</param>
internal sealed record TextEncoderConfig(int? Width, int? Positions, int? Layers, int? PooledWidth)
{
    private const string ModelType = "clip_text_model";

    public static TextEncoderConfig Read(string root, string part, FaultList faults)
    {
        if (JsonFile.Read(root, $"{part}/config.json", faults, required: false) is not { } fields) return new(null, null, null, null);
        string? type = fields.Text("model_type", 200);
        string? architecture = fields.Find("architectures") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;
        // Files that name neither are old CLIP exports.
        if (type is not (null or ModelType) && architecture is not ("CLIPTextModel" or "CLIPTextModelWithProjection"))
            fields.Fault("model_type", $"text encoder '{type}' is not supported yet, only {ModelType}");
        return new(
            fields.Integer("hidden_size", 1, 1 << 16),
            fields.Integer("max_position_embeddings", 3, 1 << 16),
            fields.Integer("num_hidden_layers", 1, 1 << 10),
            fields.Integer("projection_dim", 1, 1 << 16));
    }
}
