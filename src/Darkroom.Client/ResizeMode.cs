using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>How a picture is brought to another size.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<ResizeMode>))]
public readonly record struct ResizeMode(string Value) : IWireName<ResizeMode>
{
    /// <summary>Whatever becomes of its aspect.</summary>
    public static ResizeMode Stretch => new("stretch");

    /// <summary>What does not fit is cut off.</summary>
    public static ResizeMode Crop => new("crop");

    /// <summary>What is missing is filled.</summary>
    public static ResizeMode Pad => new("pad");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator ResizeMode(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static ResizeMode IWireName<ResizeMode>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
