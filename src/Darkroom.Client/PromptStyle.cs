using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>How a prompt is read.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<PromptStyle>))]
public readonly record struct PromptStyle(string Value) : IWireName<PromptStyle>
{
    /// <summary>The text as it stands, cut at the tokenizer's length.</summary>
    public static PromptStyle Plain => new("plain");

    /// <summary>AUTOMATIC1111's grammar, and long prompts.</summary>
    public static PromptStyle Weighted => new("weighted");

    /// <summary>ComfyUI's grammar.</summary>
    public static PromptStyle ComfyUI => new("comfyui");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator PromptStyle(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static PromptStyle IWireName<PromptStyle>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
