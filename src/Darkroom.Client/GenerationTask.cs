using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>What a job does.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<GenerationTask>))]
public readonly record struct GenerationTask(string Value) : IWireName<GenerationTask>
{
    /// <summary>Makes pictures of a text.</summary>
    public static GenerationTask Txt2Img => new("txt2img");

    /// <summary>Changes a picture.</summary>
    public static GenerationTask Img2Img => new("img2img");

    /// <summary>Repaints a part of a picture.</summary>
    public static GenerationTask Inpaint => new("inpaint");

    /// <summary>Extends a picture.</summary>
    public static GenerationTask Outpaint => new("outpaint");

    /// <summary>Enlarges a picture.</summary>
    public static GenerationTask Upscale => new("upscale");

    /// <summary>Takes the noise out of a picture.</summary>
    public static GenerationTask Denoise => new("denoise");

    /// <summary>Says which of several texts or classes a picture is.</summary>
    public static GenerationTask Classify => new("classify");

    /// <summary>Says how likely a picture is.</summary>
    public static GenerationTask Likelihood => new("likelihood");

    /// <summary>Reads what layers of a model make of a picture.</summary>
    public static GenerationTask Features => new("features");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator GenerationTask(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static GenerationTask IWireName<GenerationTask>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
