using Darkroom.Engine.Programs;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Models and upscalers of the pools, and the pictures that callers sent.</summary>
internal sealed class RowSources(ModelPool models, UpscalerPool upscalers, PictureLoading pictures) : IRowSources
{
    public PictureLoading Pictures => pictures;

    public Task<IDiffusionModel> ModelAsync(string id, int device) => models.GetAsync(id, device);

    public Task<Upscaler> UpscalerAsync(string id, int device) => upscalers.GetAsync(id, device);
}
