using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Darkroom.Imaging.Decoding;

/// <summary>
/// A file written as base64, with or without <c>data:image/png;base64,</c> before it. The name there is not looked at: the bytes tell the format.
/// </summary>
public static class Base64Picture
{
    /// <param name="text">Either alphabet (RFC 4648, sections 4 and 5), with or without padding; white space is skipped.</param>
    /// <param name="maxBytes">Of the decoded file. A longer one is refused by the length of its text, before anything is decoded.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, long maxBytes, [NotNullWhen(true)] out byte[]? file, [NotNullWhen(false)] out PictureFault? fault)
    {
        file = null;
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            int comma = text.IndexOf(',');
            if (comma < 0 || !text[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            {
                fault = new PictureFault(PictureFaultKind.NotBase64, "A data URL of a picture is \"data:image/...;base64,\" and the file in base64.");
                return false;
            }
            text = text[(comma + 1)..];
        }
        // Four signs are three bytes. White space counts along, up to an eighth: a text with more of it is no picture.
        long most = text.Length / 4L * 3;
        if (most - most / 8 > maxBytes)
        {
            fault = PictureFault.Beyond(PictureFaultKind.TooManyBytes, "The picture's file has, by the length of its base64,", most, maxBytes, "bytes");
            return false;
        }
        byte[] buffer = new byte[most + 3];
        if (text.IsWhiteSpace() || !(Convert.TryFromBase64Chars(text, buffer, out int length) || TryDecodeLoose(text, buffer, out length)))
        {
            fault = new PictureFault(
                PictureFaultKind.NotBase64, text.IsWhiteSpace() ? "There is no picture: the text is empty." : "The picture is not valid base64.");
            return false;
        }
        if (length > maxBytes)
        {
            fault = PictureFault.Beyond(PictureFaultKind.TooManyBytes, "The picture's file has", length, maxBytes, "bytes");
            return false;
        }
        (file, fault) = (buffer[..length], null);
        return true;
    }

    // The URL-safe alphabet, or no padding. A copy in one alphabet is made only here: almost every client sends the other form.
    private static bool TryDecodeLoose(ReadOnlySpan<char> text, Span<byte> buffer, out int length)
    {
        char[] urlSafe = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var copy = urlSafe.AsSpan(0, text.Length);
            text.CopyTo(copy);
            copy.Replace('+', '-');
            copy.Replace('/', '_');
            return Base64Url.DecodeFromChars(copy, buffer, out _, out length) == OperationStatus.Done;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(urlSafe);
        }
    }
}
