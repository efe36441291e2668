using System.Text;

namespace Darkroom.Server.Automatic1111.Styles;

/// <summary>
/// AUTOMATIC1111's <c>styles.csv</c>: a first row with the columns' names, <c>name</c>, <c>prompt</c> (<c>text</c> in old files) and <c>negative_prompt</c>,
/// then a style a row. Rows whose name begins with <c>#</c> are remarks. Of two styles with one name the later counts.
/// </summary>
internal static class StyleFile
{
    public const string Name = "styles.csv";

    public const int MaxBytes = 4 << 20, MaxStyles = 10_000;

    /// <param name="bytes">All of the file.</param>
    /// <returns>In the order of the file.</returns>
    /// <exception cref="InvalidDataException">It cannot be read as styles; the message is a predicate of the file and holds nothing out of it.</exception>
    public static IReadOnlyList<PromptStyle> Read(ReadOnlySpan<byte> bytes)
    {
        var styles = new OrderedDictionary<string, PromptStyle>(StringComparer.Ordinal);
        (int Name, int Prompt, int Negative)? columns = null;
        foreach (var row in CsvRows.Of(TextOf(bytes)))
        {
            if (columns is not var (name, prompt, negative))
            {
                columns = ColumnsOf(row);
                continue;
            }
            if (Field(row, name) is not { Length: > 0 } key || key[0] == '#') continue;
            styles[key] = new(key, Field(row, prompt), Field(row, negative));
            if (styles.Count > MaxStyles) throw new InvalidDataException($"has more than {MaxStyles} styles, in line {row.Line}");
        }
        return [.. styles.Values];
    }

    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("is not UTF-8; a spreadsheet has to save it as 'CSV UTF-8'");
        }
    }

    private static (int Name, int Prompt, int Negative) ColumnsOf(CsvRow row)
    {
        int Find(string name) => row.Fields.Index().Where(one => one.Item.Trim() == name).Select(static one => one.Index).FirstOrDefault(-1);
        var (name, prompt) = (Find("name"), Find("prompt") is >= 0 and var own ? own : Find("text"));
        if (name < 0 || prompt < 0)
            throw new InvalidDataException($"has no column '{(name < 0 ? "name" : "prompt")}' in line {row.Line}, which names the columns");
        return (name, prompt, Find("negative_prompt"));
    }

    private static string Field(CsvRow row, int column) => column >= 0 && column < row.Fields.Count ? row.Fields[column] : "";
}
