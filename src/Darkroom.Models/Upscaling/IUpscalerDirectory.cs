using Darkroom.Models.Catalog;

namespace Darkroom.Models.Upscaling;

/// <summary>What validation and lists may ask about upscalers.</summary>
public interface IUpscalerDirectory
{
    /// <summary>Every upscaler, those with a fault too.</summary>
    IReadOnlyList<UpscalerDescription> All { get; }

    /// <summary>The upscaler of an id; null for none.</summary>
    UpscalerDescription? Find(string id);

    /// <summary>How far it is loaded; with its content hash once it is.</summary>
    ModelStatus StatusOf(string id);
}
