using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Programs;

/// <summary>A row's list of stages, compiled once from the request. Every task is another list over the same stages.</summary>
public sealed record RowProgram(IReadOnlyList<Stage> Stages)
{
    public static RowProgram Compile(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Stage[] upscale = request.Upscale is null ? [] : [new Stage.Upscale()];
        return request.Task switch
        {
            GenerationTask.Txt2img => new(
                [new Stage.Prepare(), new Stage.EncodeText(), new Stage.Denoise(), new Stage.Decode(), .. upscale, new Stage.Deliver()]),
            GenerationTask.Img2img or GenerationTask.Inpaint or GenerationTask.Outpaint => new(
            [
                new Stage.Prepare(), new Stage.EncodeText(), new Stage.EncodePicture(), new Stage.Denoise(), new Stage.Decode(), new Stage.Composite(),
                .. upscale, new Stage.Deliver(),
            ]),
            GenerationTask.Upscale => new([new Stage.Prepare(), new Stage.Upscale(), new Stage.Deliver()]),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Task, "No program was written for this task."),
        };
    }
}
