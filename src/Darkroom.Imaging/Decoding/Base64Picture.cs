using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Darkroom.Imaging.Decoding;

/// <summary>
/// A file written as base64, with or without <c>data:image/png;base64,</c> before it. The name there is not looked at: the bytes tell the format.
/// </summary>
/// <remarks>The file takes the place of its text, so that a picture of many megabytes is in memory once.</remarks>
public static class Base64Picture
{
    private const int Piece = 16 * 1024;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);

    /// <param name="text">
    /// ASCII, in either alphabet (RFC 4648, sections 4 and 5), with or without padding; white space is skipped. Afterwards its bytes are the file's.
    /// </param>
    /// <param name="maxBytes">Of the decoded file. A longer one is refused by the length of its text, before anything is decoded.</param>
    /// <param name="file">The file, within <paramref name="text"/>.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryDecode(Memory<byte> text, long maxBytes, out ReadOnlyMemory<byte> file, [NotNullWhen(false)] out PictureFault? fault)
    {
        file = default;
        if (Ascii.EqualsIgnoreCase(text.Span[..Math.Min(5, text.Length)], "data:"u8))
        {
            int comma = text.Span.IndexOf((byte)',');
            if (comma < 0 || !IsBase64(text.Span[..comma]))
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
        text = text[..Close(text.Span)];
        if (text.IsEmpty || !TryDecode(text.Span, out int length))
        {
            fault = new PictureFault(
                PictureFaultKind.NotBase64, text.IsEmpty ? "There is no picture: the text is empty." : "The picture is not valid base64.");
            return false;
        }
        if (length > maxBytes)
        {
            fault = PictureFault.Beyond(PictureFaultKind.TooManyBytes, "The picture's file has", length, maxBytes, "bytes");
            return false;
        }
        (file, fault) = (text[..length], null);
        return true;
    }

    private static bool IsBase64(ReadOnlySpan<byte> type) => type.Length >= 7 && Ascii.EqualsIgnoreCase(type[^7..], ";base64"u8);

    /// <summary>Closes the gaps where white space was.</summary>
    /// <returns>The length without it.</returns>
    private static int Close(Span<byte> text)
    {
        int kept = text.IndexOfAny(Blanks);
        if (kept < 0) return text.Length;
        for (int at = kept; at < text.Length;)
        {
            int blank = text[at..].IndexOfAny(Blanks);
            int run = blank < 0 ? text.Length - at : blank;
            text.Slice(at, run).CopyTo(text[kept..]);
            kept += run;
            at += run + 1;
        }
        return kept;
    }

    // Piece by piece out of a small copy, in one alphabet: the framework's way within one buffer does four signs at a time.
    private static bool TryDecode(Span<byte> text, out int length)
    {
        Span<byte> piece = stackalloc byte[Math.Min(Piece, text.Length)];
        length = 0;
        for (int at = 0; at < text.Length; at += piece.Length)
        {
            bool isLast = text.Length - at <= piece.Length;
            if (isLast) piece = piece[..(text.Length - at)];
            text.Slice(at, piece.Length).CopyTo(piece);
            piece.Replace((byte)'+', (byte)'-');
            piece.Replace((byte)'/', (byte)'_');
            // What is only a padding in this alphabet is none here.
            if (piece.Contains((byte)'%')
                || Base64Url.DecodeFromUtf8(piece, text[length..], out _, out int written, isLast) != OperationStatus.Done) return false;
            length += written;
        }
        return true;
    }
}
