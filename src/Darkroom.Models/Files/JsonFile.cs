using System.Text.Json;
using System.Text.Unicode;

namespace Darkroom.Models.Files;

/// <summary>Reads the JSON files of a model folder, which come from anywhere: size and depth are bounded, and nothing in them makes it throw.</summary>
internal static class JsonFile
{
    /// <summary>Real ones are below 4 MiB (a tokenizer.json of a large vocabulary).</summary>
    public const int MaxBytes = 16 << 20;

    private const int Depth = 32;

    /// <summary>The fields of the file's object; null where it is missing and may be, or where a fault was added.</summary>
    /// <param name="root">The model's folder.</param>
    /// <param name="relative">The file in it, with <c>/</c>.</param>
    /// <param name="required">Whether a missing file is a fault.</param>
    /// <param name="strict">Whether a key written twice is a fault; diffusers takes the last.</param>
    public static JsonFields? Read(string root, string relative, FaultList faults, bool required = true, bool strict = false)
    {
        string path = Path.Combine(root, relative);
        try
        {
            if (!required && !Path.Exists(path) && new FileInfo(path).LinkTarget is null) return null;
            if (FileFault.Of(path) is { } fault)
            {
                faults.Add(relative, fault);
                return null;
            }
            return Parse(path, relative, faults, strict);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add(relative, "cannot be read: " + FileFault.PlainReason(error));
            return null;
        }
    }

    private static JsonFields? Parse(string path, string relative, FaultList faults, bool strict)
    {
        long length = FileFault.LengthOf(new FileInfo(path));
        if (length > MaxBytes)
        {
            faults.Add(relative, $"is {length} bytes long, at most {MaxBytes} are read");
            return null;
        }
        byte[] bytes = File.ReadAllBytes(path);
        ReadOnlyMemory<byte> json = PythonJson.Quote(bytes);
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        if (!Utf8.IsValid(json.Span))
        {
            faults.Add(relative, "is not UTF-8 text");
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Depth, AllowDuplicateProperties = !strict });
            CheckTexts(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new JsonFields(document.RootElement.Clone(), relative, "", faults);
            faults.Add(relative, $"expected a JSON object, found {JsonFields.Describe(document.RootElement)}");
        }
        catch (JsonException error)
        {
            faults.Add(relative, error.LineNumber is { } line ? $"is not JSON (line {line + 1})" : "is not JSON, or holds a key twice");
        }
        catch (InvalidOperationException)
        {
            faults.Add(relative, "holds a text with half of a surrogate pair");
        }
        return null;
    }

    /// <summary>Touches every name and text: one with half of a surrogate pair in it throws when it is read, so here and not later.</summary>
    private static void CheckTexts(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) value.GetString();
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray()) CheckTexts(item);
        if (value.ValueKind != JsonValueKind.Object) return;
        foreach (var property in value.EnumerateObject())
        {
            _ = property.Name;
            CheckTexts(property.Value);
        }
    }
}
