using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>A kind of model: how its folder becomes an <see cref="IDiffusionModel"/>.</summary>
public interface IModelFamily
{
    /// <summary>The name that <see cref="ModelDescription.Family"/> carries.</summary>
    string Name { get; }

    /// <summary>
    /// Opens every graph of the folder once, as far as the device's budget allows side by side, to see that it can be used and what it can do.
    /// </summary>
    /// <exception cref="Sessions.GraphException">A graph cannot be used; the message names the file.</exception>
    Task<IDiffusionModel> LoadAsync(string folder, ModelDescription description, string contentHash, DeviceMemory memory);
}
