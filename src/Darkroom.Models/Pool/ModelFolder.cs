using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families;
using Darkroom.Models.Files;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Pool;

/// <summary>
/// Reads a folder in diffusers' layout (<c>model_index.json</c>, a folder for each part with a graph or weights), or a file of weights, without opening a
/// graph. Bad content never
/// throws: it becomes the description's <see cref="ModelDescription.Fault"/>, which names each file relative to the folder and why, in plain words.
/// </summary>
public static class ModelFolder
{
    /// <param name="path">The folder, or the file. Its name becomes the id, without the extension.</param>
    public static ModelDescription Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string name = NameOf(root);
        var faults = new FaultList();
        var model = new ModelDescription { Id = name, Title = name };
        try
        {
            model = Describe(root, model, faults);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Files that go or change while they are read.
            faults.Add(".", "the folder cannot be read: " + FileFault.PlainReason(error));
        }
        return faults.Any ? model with { Tasks = [], Fault = faults.ToString() } : model;
    }

    /// <summary>A model on a device of its own, without a budget: for commands and tests. Waits on the calling thread.</summary>
    /// <exception cref="GraphException">A graph cannot be used; the message names the file.</exception>
    public static IDiffusionModel Load(string path, SessionSettings settings, long conditioningCacheBytes = 16 << 20)
    {
        var description = Read(path);
        var family = ModelFamilies.Create(conditioningCacheBytes).FirstOrDefault(one => one.Name == description.Family && description.Fault is null)
            ?? throw new GraphException(description.Fault ?? $"family '{description.Family}' is not supported");
        return family.LoadAsync(path, description, description.Id, DeviceMemory.Of(settings)).GetAwaiter().GetResult();
    }

    private static string NameOf(string root) => ModelPlace.IsCheckpoint(root) ? Path.GetFileNameWithoutExtension(root)
        : HubCache.NameOf(root) ?? (Path.GetFileName(root) is { Length: > 0 } last ? last : root);

    private static ModelDescription Describe(string path, ModelDescription model, FaultList faults)
    {
        if (ModelPlace.Of(path, faults) is not { } place) return model;
        string root = place.Root, dated = place.IsFile ? path : Path.Combine(root, PipelineIndex.Name);
        var card = DarkroomFile.Read(place, faults);
        var index = PipelineIndex.Read(root, faults)?.Of(place);
        model = model with
        {
            Title = card.Title ?? model.Title,
            Licence = card.Licence,
            Notes = card.Notes,
            Defaults = card.Defaults,
            Precision = card.Precision,
            Created = File.Exists(dated) ? File.GetLastWriteTimeUtc(dated) : default,
        };
        if (index is null) return model;
        if (ModelFamilies.Of(index) is not { } family) return model with { Family = UnsupportedFamilies.NameOf(index, faults) };
        model = model with { Family = family.Name, Ignored = IgnoredParts.Of(index, family.Layout, root) };
        return family.Describe(new FolderContents(root, index, card, model, faults, place));
    }
}
