using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>The format of a picture's file.</summary>
/// <param name="Value">As it stands on the wire; a name that is not listed here is kept as it is.</param>
[JsonConverter(typeof(NameConverter<PictureFormat>))]
public readonly record struct PictureFormat(string Value) : IWireName<PictureFormat>
{
    /// <summary>PNG.</summary>
    public static PictureFormat Png => new("png");

    /// <summary>JPEG.</summary>
    public static PictureFormat Jpeg => new("jpeg");

    /// <summary>WebP.</summary>
    public static PictureFormat Webp => new("webp");

    /// <summary>An array file of numpy, with as many channels as the model's pictures have.</summary>
    public static PictureFormat Npy => new("npy");

    /// <summary>Its media type: <c>image/png</c>; of an array <c>application/octet-stream</c>.</summary>
    public string MediaType => this == Npy ? "application/octet-stream" : "image/" + Value;

    /// <summary>A name by its text.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public static implicit operator PictureFormat(string value) => new(value ?? throw new ArgumentNullException(nameof(value)));

    static PictureFormat IWireName<PictureFormat>.From(string value) => new(value);

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
