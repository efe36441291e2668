using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Files;

namespace Darkroom.Models.ControlNets;

/// <summary>
/// The ControlNets below a models path, as data: every folder in <c>controlnets</c>, which holds <c>model.onnx</c> and perhaps diffusers' <c>config.json</c>.
/// No graph is opened. What it gives out is a snapshot of the last <see cref="Rescan"/>; any thread may ask while another scans.
/// </summary>
public sealed class ControlNetCatalog : IControlNetDirectory
{
    public const string FolderName = "controlnets";

    private volatile IReadOnlyList<ControlNetDescription> all = [];

    /// <param name="modelsPath">The models path; one without the folder has no ControlNets. Scanned at once.</param>
    public ControlNetCatalog(string modelsPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        Folder = Path.Combine(Path.GetFullPath(modelsPath), FolderName);
        Rescan();
    }

    /// <summary>In ordinal order of id.</summary>
    public IReadOnlyList<ControlNetDescription> All => all;

    internal string Folder { get; }

    public ControlNetDescription? Find(string id) => all.FirstOrDefault(one => one.Id == id);

    /// <summary>Reads the disk again.</summary>
    public void Rescan() => all = [.. Ids().Select(Read)];

    /// <summary>Reads the disk again where a folder was added or taken away.</summary>
    /// <returns>Whether one was.</returns>
    public bool LookAgain()
    {
        var before = all;
        if (Ids().SequenceEqual(before.Select(one => one.Id))) return false;
        Rescan();
        return true;
    }

    internal FileStamps StampsOf(string id) => FileStamps.Of(
        (GraphFile.Read(Folder, id, new FaultList(), required: false)?.Files ?? [$"{id}/{GraphFile.Name}"]).Select(file => Path.Combine(Folder, file)));

    internal string FileOf(string id) => Path.Combine(Folder, id, GraphFile.Name);

    private string[] Ids()
    {
        try
        {
            return [.. new DirectoryInfo(Folder).GetDirectories().Select(folder => folder.Name).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // not there, or not ours to read
        }
    }

    private ControlNetDescription Read(string id)
    {
        var faults = new FaultList();
        var graph = GraphFile.Read(Folder, id, faults, required: true);
        if (graph is not null && graph.Outline.AxesOf(ControlNet.PictureInput) is null)
            faults.Add($"{id}/{GraphFile.Name}", $"has no input {ControlNet.PictureInput}, which every ControlNet has");
        var config = JsonFile.Read(Folder, $"{id}/config.json", faults, required: false);
        return new ControlNetDescription
        {
            Id = id,
            Bytes = graph?.Bytes ?? 0,
            TextWidth = config?.Sizes("cross_attention_dim", 1 << 16)?.Max(),
            Fault = faults.Any ? faults.ToString() : null,
        };
    }
}
