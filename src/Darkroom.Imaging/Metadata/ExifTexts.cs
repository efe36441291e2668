namespace Darkroom.Imaging.Metadata;

/// <summary>The texts of an EXIF block: those that generators write, and the programs that made the picture.</summary>
internal static class ExifTexts
{
    private const ushort MakerNote = 0x927C;

    private static readonly (ushort Tag, string Name)[] Tags =
    [
        (0x010D, "DocumentName"), (0x010E, "ImageDescription"), (0x010F, "Make"), (0x0110, "Model"), (0x0131, "Software"),
        (0x013B, "Artist"), (0x8298, "Copyright"),
    ];

    public static void Read(ReadOnlySpan<byte> bytes, TextList texts)
    {
        texts.Add("UserComment", ExifComment.Read(bytes));
        if (!ExifBlock.TryOpen(bytes, out var block)) return;
        foreach (var (tag, name) in Tags)
            if (block.Find(block.First, tag) is { } entry) Add(name, TextDecoding.Read(block.Bytes(entry)).TrimEnd('\0'), texts);
        // A camera's note is bytes in its own form; Fooocus writes one word.
        if (block.Find(block.First, ExifComment.Directory) is not { } pointer || block.Find(block.Number(pointer), MakerNote) is not { } note) return;
        if (block.Bytes(note) is { Length: < 32 } word && word.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0)
            texts.Add("MakerNote", TextDecoding.Read(word));
    }

    // ComfyUI puts "prompt:{…}" and "workflow:{…}" into one of these tags each, beginning with Model and going down.
    private static void Add(string name, string text, TextList texts)
    {
        int colon = text.IndexOf(":{", StringComparison.Ordinal);
        if (colon > 0 && text.AsSpan(0, colon).IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz_") < 0) texts.Add(text[..colon], text[(colon + 1)..]);
        else texts.Add(name, text);
    }
}
