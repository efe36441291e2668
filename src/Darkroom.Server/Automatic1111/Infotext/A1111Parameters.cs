using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Darkroom.Imaging.Metadata;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>An infotext as AUTOMATIC1111's <c>png-info</c> gives it: sizes in two parts, and the values that an absent field has there.</summary>
internal static partial class A1111Parameters
{
    private static readonly (string Key, JsonNode Value)[] Absent =
    [
        ("Clip skip", "1"), ("Hires resize-1", 0), ("Hires resize-2", 0), ("Hires sampler", "Use same sampler"),
        ("Hires schedule type", "Use same scheduler"), ("Hires checkpoint", "Use same checkpoint"), ("Hires prompt", ""), ("Hires negative prompt", ""),
        ("Mask mode", "Inpaint masked"), ("Masked content", "original"), ("Inpaint area", "Whole picture"), ("Masked area padding", 32),
        ("RNG", "GPU"), ("Schedule type", "Automatic"), ("Schedule max sigma", 0), ("Schedule min sigma", 0), ("Schedule rho", 0),
        ("VAE Encoder", "Full"), ("VAE Decoder", "Full"), ("FP8 weight", "Disable"), ("Refiner switch by sampling steps", false),
    ];

    /// <summary>Empty where the text is.</summary>
    public static JsonObject Of(ParsedParameters text)
    {
        var parameters = new JsonObject { ["Prompt"] = text.Prompt, ["Negative prompt"] = text.NegativePrompt };
        foreach (var (key, value) in text.Fields)
            if (Size().Match(value) is { Success: true } size)
                (parameters[key + "-1"], parameters[key + "-2"]) = (size.Groups[1].Value, size.Groups[2].Value);
            else parameters[key] = value;
        foreach (var (key, value) in Absent)
            if (!parameters.ContainsKey(key)) parameters[key] = value.DeepClone();
        return parameters;
    }

    [GeneratedRegex(@"^(\d+)x(\d+)$")]
    private static partial Regex Size();
}
