using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>What of a picture is worked on.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<InpaintArea>))]
public readonly record struct InpaintArea(string Value) : IWireName<InpaintArea>
{
    /// <summary>All of it.</summary>
    public static InpaintArea Whole => new("whole");

    /// <summary>The masked region alone, at full size; it is pasted back.</summary>
    public static InpaintArea Masked => new("masked");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator InpaintArea(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static InpaintArea IWireName<InpaintArea>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
