using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Darkroom.Server.Playground;

/// <summary>
/// The page's files, which are part of the program. All but the page itself lie under an address that names their contents' hash: they may be kept for
/// ever, and modules that import one another are always of one version.
/// </summary>
internal sealed class PageFiles
{
    /// <summary>Where the files lie: <c>/playground/HASH/…</c>.</summary>
    public const string Folder = "playground";

    private const string Resources = Folder + "/", Index = "index.html", FieldSheetName = "fields.json";

    // In index.html, for the hash; and for what tells browsers of modules before they find them in one another.
    private const string HashMark = "HASH", ModulesMark = "<!-- modules -->";

    private readonly Dictionary<string, PageFile> files = new(StringComparer.Ordinal);

    private PageFiles()
    {
        var program = typeof(PageFiles).Assembly;
        foreach (string resource in program.GetManifestResourceNames().Where(name => name.StartsWith(Resources, StringComparison.Ordinal)))
        {
            using var stream = program.GetManifestResourceStream(resource)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            string name = resource[Resources.Length..].Replace('\\', '/');
            files[name] = new(TypeOf(name), content);
        }
        files[FieldSheetName] = new(TypeOf(FieldSheetName), FieldSheet.Write());
        Hash = HashOf(files);
        Page = new(TypeOf(Index), Encoding.UTF8.GetBytes(WithAddresses(Encoding.UTF8.GetString(files[Index].Content))));
        files.Remove(Index);
    }

    /// <summary>Those of this program; read when first asked for.</summary>
    public static PageFiles Own { get; } = new();

    /// <summary>Of all contents and names, 16 hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>The page at <c>/</c>.</summary>
    public PageFile Page { get; }

    /// <summary>Every file but the page, by its path.</summary>
    public IReadOnlyDictionary<string, PageFile> All => files;

    private string WithAddresses(string page)
    {
        var modules = files.Keys.Where(name => name.EndsWith(".js", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => $"<link rel=\"modulepreload\" href=\"{Folder}/{Hash}/{name}\">");
        return page.Replace(ModulesMark, string.Join('\n', modules), StringComparison.Ordinal)
            .Replace($"{Folder}/{HashMark}/", $"{Folder}/{Hash}/", StringComparison.Ordinal);
    }

    private static string HashOf(Dictionary<string, PageFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, file) in files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\n{file.Content.Length}\n")));
            hash.AppendData(file.Content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new NotSupportedException($"The page has a file of a type that is not known: {other}"),
    };
}
