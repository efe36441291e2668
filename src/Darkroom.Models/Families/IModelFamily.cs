using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>A kind of model: which folders are of it, what they say of themselves, and how they become an <see cref="IDiffusionModel"/>.</summary>
public interface IModelFamily
{
    /// <summary>The name that <see cref="ModelDescription.Family"/> carries.</summary>
    string Name { get; }

    /// <summary>The parts that its folders have.</summary>
    internal FolderLayout Layout { get; }

    /// <summary>Whether a folder of this index is one of its models.</summary>
    internal bool Recognises(PipelineIndex index);

    /// <summary>Describes such a folder without opening a graph. What is wrong with it becomes a fault, and reading goes on.</summary>
    internal ModelDescription Describe(FolderContents folder);

    /// <summary>
    /// Opens every graph of the folder once, as far as the device's budget allows side by side, to see that it can be used and what it can do.
    /// </summary>
    /// <exception cref="Sessions.GraphException">A graph cannot be used; the message names the file.</exception>
    Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory);
}
