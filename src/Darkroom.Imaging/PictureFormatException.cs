namespace Darkroom.Imaging;

/// <summary>The bytes are no picture that Darkroom reads, or the picture does not fit the format asked for. The message is fit for a client.</summary>
public sealed class PictureFormatException : Exception
{
    public PictureFormatException(string message) : base(message)
    {
    }

    public PictureFormatException(string message, Exception cause) : base(message, cause)
    {
    }
}
