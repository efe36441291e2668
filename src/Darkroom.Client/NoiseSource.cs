using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>Where noise is drawn.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<NoiseSource>))]
public readonly record struct NoiseSource(string Value) : IWireName<NoiseSource>
{
    /// <summary>As diffusers and ComfyUI draw it.</summary>
    public static NoiseSource TorchCpu => new("torch_cpu");

    /// <summary>Philox, as AUTOMATIC1111 and diffusers on a GPU draw it.</summary>
    public static NoiseSource TorchCuda => new("torch_cuda");

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator NoiseSource(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static NoiseSource IWireName<NoiseSource>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
