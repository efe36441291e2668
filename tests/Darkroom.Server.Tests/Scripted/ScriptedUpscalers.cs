using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>Upscalers as a test wants them.</summary>
internal sealed class ScriptedUpscalers : IUpscalerDirectory
{
    public List<UpscalerDescription> Upscalers { get; } =
    [
        new() { Id = UpscalerCatalog.DefaultId, Title = "AnimeVideo v3", Scale = 4, Tile = 128, Overlap = 20, Licence = "BSD-3-Clause" },
        new() { Id = "unprobed", Title = "Dropped in" },
        new() { Id = "broken", Title = "Broken", Fault = "broken.onnx: not an ONNX graph" },
    ];

    public IReadOnlyList<UpscalerDescription> All => Upscalers;

    /// <summary>Of every upscaler that is there.</summary>
    public ModelStatus Status { get; set; } = new(ModelState.Cold);

    public ModelStatus StatusOf(string id) => Status;

    public UpscalerDescription? Find(string id) => Upscalers.FirstOrDefault(one => one.Id == id);
}
