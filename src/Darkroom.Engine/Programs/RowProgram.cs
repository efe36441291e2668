using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Programs;

/// <summary>A row's list of stages, compiled once from the request. Every task is another list over the same stages.</summary>
public sealed record RowProgram(IReadOnlyList<Stage> Stages)
{
    public static RowProgram Compile(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Task switch
        {
            GenerationTask.Txt2img => new(
            [
                new Stage.Prepare(),
                new Stage.EncodeText(request.IsGuided ? [request.NegativePrompt, request.Prompt] : [request.Prompt]),
                new Stage.Denoise(),
                new Stage.Decode(),
                new Stage.Deliver(),
            ]),
            GenerationTask.Img2img or GenerationTask.Inpaint or GenerationTask.Outpaint => new(
            [
                new Stage.Prepare(),
                new Stage.EncodeText(request.IsGuided ? [request.NegativePrompt, request.Prompt] : [request.Prompt]),
                new Stage.EncodePicture(),
                new Stage.Denoise(),
                new Stage.Decode(),
                new Stage.Composite(),
                new Stage.Deliver(),
            ]),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Task, "No program was written for this task."),
        };
    }
}
