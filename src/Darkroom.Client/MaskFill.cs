using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>What stands under a mask at the start.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<MaskFill>))]
public readonly record struct MaskFill(string Value) : IWireName<MaskFill>
{
    /// <summary>The picture.</summary>
    public static MaskFill Original => new("original");

    /// <summary>Noise.</summary>
    public static MaskFill Noise => new("noise");

    /// <summary>Nothing.</summary>
    public static MaskFill Zero => new("zero");

    /// <summary>The colours around it.</summary>
    public static MaskFill Blur => new("blur");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator MaskFill(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static MaskFill IWireName<MaskFill>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
