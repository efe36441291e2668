using Darkroom.Imaging.Decoding;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A picture that a request carries, past the limits by its headers; its pixels were not decoded yet.</summary>
/// <param name="Bytes">The file as it was sent.</param>
/// <param name="Header">Its format and size.</param>
internal sealed record PictureFile(ReadOnlyMemory<byte> Bytes, PictureHeader Header)
{
    /// <summary>Pixels, upright.</summary>
    public int Width => Header.Width;

    /// <summary>Pixels, upright.</summary>
    public int Height => Header.Height;

    /// <summary>The same for a model: its channels say which axes of an array are its sides.</summary>
    public PictureFile For(Models.Catalog.ModelDescription model) => this with { Header = Header.For(model.PictureChannels) };

    /// <summary>Its size as sentences say it.</summary>
    public string Size => $"{Width} x {Height}";
}
