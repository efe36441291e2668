using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>Whose pictures a request reproduces.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<Compatibility>))]
public readonly record struct Compatibility(string Value) : IWireName<Compatibility>
{
    /// <summary>Those of diffusers.</summary>
    public static Compatibility Diffusers => new("diffusers");

    /// <summary>Those of AUTOMATIC1111.</summary>
    public static Compatibility A1111 => new("a1111");

    /// <summary>Those of ComfyUI.</summary>
    public static Compatibility ComfyUI => new("comfyui");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator Compatibility(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static Compatibility IWireName<Compatibility>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
