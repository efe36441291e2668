namespace Darkroom.Models.Files;

/// <summary>
/// Python writes <c>Infinity</c>, <c>-Infinity</c> and <c>NaN</c> as bare words, which JSON does not know; diffusers' configurations hold them
/// (<c>"lambda_min_clipped": -Infinity</c>). They are put into quotes here.
/// </summary>
internal static class PythonJson
{
    private static readonly byte[][] Words = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    public static ReadOnlyMemory<byte> Quote(byte[] json)
    {
        if (json.AsSpan().IndexOf("Infinity"u8) < 0 && json.AsSpan().IndexOf("NaN"u8) < 0) return json;
        var quoted = new List<byte>(json.Length + 16);
        bool text = false;
        for (int i = 0; i < json.Length; i++)
        {
            if (json[i] == '"') text = !text;
            if (text && json[i] == '\\' && i + 1 < json.Length) quoted.Add(json[i++]);
            if (!text && WordAt(json, i) is { } word)
            {
                quoted.Add((byte)'"');
                quoted.AddRange(word);
                quoted.Add((byte)'"');
                i += word.Length - 1;
                continue;
            }
            quoted.Add(json[i]);
        }
        return quoted.ToArray();
    }

    private static byte[]? WordAt(ReadOnlySpan<byte> json, int position)
    {
        foreach (byte[] word in Words)
            if (json[position..].StartsWith(word))
                return word;
        return null;
    }
}
