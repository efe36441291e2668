namespace Darkroom.Models.Upscaling;

/// <summary>
/// The upscalers below a models path, as data: every <c>*.onnx</c> in its folder <c>upscalers</c>. No graph is opened. What it gives out is a snapshot of the
/// last <see cref="Rescan"/>; any thread may ask while another scans.
/// </summary>
public sealed class UpscalerCatalog
{
    public const string FolderName = "upscalers";

    /// <summary>The upscaler of requests that name none.</summary>
    public const string DefaultId = "realesr-animevideov3-x4";

    private readonly string folder;
    private readonly Lock reading = new(); // one at a time: what was read earlier must not replace what was read later
    private volatile IReadOnlyList<UpscalerDescription> all = [];

    /// <param name="modelsPath">The models path; one without the folder has no upscalers. Scanned at once.</param>
    public UpscalerCatalog(string modelsPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        folder = Path.Combine(Path.GetFullPath(modelsPath), FolderName);
        Rescan();
    }

    /// <summary>Every upscaler, those with a fault too, in ordinal order of id.</summary>
    public IReadOnlyList<UpscalerDescription> All => all;

    /// <summary>The upscaler of requests that name none: <see cref="DefaultId"/>, else the first without fault; null where there is none.</summary>
    public UpscalerDescription? Default => Find(DefaultId) ?? all.FirstOrDefault(one => one.Fault is null);

    /// <summary>The upscaler of an id; null for none.</summary>
    public UpscalerDescription? Find(string id) => all.FirstOrDefault(one => one.Id == id);

    /// <summary>Reads the disk again.</summary>
    public void Rescan()
    {
        lock (reading) all = [.. Ids().Order(StringComparer.Ordinal).Select(id => UpscalerFile.Read(folder, id))];
    }

    /// <summary>Reads the disk again where a file was added or taken away.</summary>
    /// <returns>Whether one was.</returns>
    public bool LookAgain()
    {
        lock (reading)
        {
            if (Ids().Order(StringComparer.Ordinal).SequenceEqual(all.Select(one => one.Id))) return false;
            Rescan();
            return true;
        }
    }

    /// <summary>Reads one upscaler's file again.</summary>
    /// <returns>What is known of it now; null where there is no such upscaler.</returns>
    public UpscalerDescription? Refresh(string id)
    {
        lock (reading)
        {
            if (Find(id) is null) return null;
            var read = UpscalerFile.Read(folder, id);
            all = [.. all.Select(one => one.Id == id ? read : one)];
            return read;
        }
    }

    internal string Folder => folder;

    internal string FileOf(string id) => Path.Combine(folder, id + UpscalerFile.Ending);

    private IEnumerable<string> Ids()
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*" + UpscalerFile.Ending).Select(file => file.Name[..^UpscalerFile.Ending.Length])
                .Where(id => id.Length > 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // not there, or not ours to read
        }
    }
}
