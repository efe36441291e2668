using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>How an answer gives its pictures.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<ReturnMode>))]
public readonly record struct ReturnMode(string Value) : IWireName<ReturnMode>
{
    /// <summary>With their bytes.</summary>
    public static ReturnMode Data => new("data");

    /// <summary>By their addresses alone.</summary>
    public static ReturnMode Url => new("url");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator ReturnMode(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static ReturnMode IWireName<ReturnMode>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
