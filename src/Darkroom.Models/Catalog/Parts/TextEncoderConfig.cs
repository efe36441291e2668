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
    private const string ModelType = "clip_text_model", T5Type = "t5", T5Encoder = "T5EncoderModel";

    /// <summary>Whether it is T5's encoder.</summary>
    public bool IsT5 { get; private init; }

    /// <param name="t5">Whether T5's encoder is expected; else CLIP's.</param>
    public static TextEncoderConfig Read(string root, string part, FaultList faults, bool t5 = false)
    {
        if (JsonFile.Read(root, $"{part}/config.json", faults, required: false) is not { } fields) return new(null, null, null, null) { IsT5 = t5 };
        string? type = fields.Text("model_type", 200);
        string? architecture = fields.Find("architectures") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;
        if (t5)
        {
            if (type is not (null or T5Type) && architecture != T5Encoder)
                fields.Fault("model_type", $"text encoder '{type}' is not supported here, only {T5Type}");
            return new(fields.Integer("d_model", 1, 1 << 16), null, fields.Integer("num_layers", 1, 1 << 10), null) { IsT5 = true };
        }
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
