using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>What of a mask is repainted.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<MaskMode>))]
public readonly record struct MaskMode(string Value) : IWireName<MaskMode>
{
    /// <summary>What is white.</summary>
    public static MaskMode White => new("white");

    /// <summary>What is black.</summary>
    public static MaskMode Black => new("black");

    /// <summary>What is transparent.</summary>
    public static MaskMode Alpha => new("alpha");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator MaskMode(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static MaskMode IWireName<MaskMode>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
