using System.Text.Json;
using Darkroom.Client;

namespace Darkroom.Server.Commands.Generate;

/// <summary>One run on a server elsewhere, by its client.</summary>
internal sealed class ServerRun(DarkroomClient client) : IPictureMaker
{
    public Task<RunEnd> RunAsync(CommandOrder order, RunView view, CancellationToken cancellation) => EndAsync(async () =>
    {
        var result = await client.GenerateAsync(await RequestOfAsync(order, cancellation), new Watcher(view), cancellation);
        return new RunEnd.Made(
            [.. result.Images.Select(image => new MadePicture(image.Index, image.Seed, image.Width, image.Height, image.Format.Value, image.Data!.Value))],
            result.Warnings);
    }, cancellation);

    public Task<RunEnd> VerifyAsync(string path, RunView view, CancellationToken cancellation) => EndAsync(async () =>
    {
        var result = await client.VerifyAsync(await OrderFiles.ReadAsync(path, cancellation), new Watcher(view), cancellation);
        return result.Images is [{ Comparison: { } comparison }] ? new RunEnd.Verified(result.Model, comparison, result.Warnings)
            : new RunEnd.Refused($"{client.Address} has not compared the picture: it may be of an older version.");
    }, cancellation);

    private async Task<RunEnd> EndAsync(Func<Task<RunEnd>> run, CancellationToken cancellation)
    {
        try
        {
            return await run();
        }
        catch (DarkroomException refusal) when (refusal.Faults.Count > 0)
        {
            return new RunEnd.Refused([.. refusal.Faults.Select(fault => RunEnd.Line(
                fault.Field, fault.Message, fault.Limit, fault.Value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null))]);
        }
        catch (DarkroomException refusal)
        {
            return new RunEnd.Refused(refusal.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new RunEnd.Refused("The job was cancelled.");
        }
        catch (TimeoutException late)
        {
            return new RunEnd.Refused(late.Message);
        }
        catch (Exception away) when (away is HttpRequestException or IOException)
        {
            return new RunEnd.Refused($"{client.Address} cannot be reached: {away.Message}");
        }
    }

    // The fields go as they are: the table of fields has them all, and the server checks them as this program would.
    private static async Task<DarkroomRequest> RequestOfAsync(CommandOrder order, CancellationToken cancellation)
    {
        using var json = JsonDocument.Parse(order.Fields.ToJsonString());
        var fields = json.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.Clone());
        var pictures = new Dictionary<string, PictureSource>();
        foreach (var (field, path) in order.Pictures) pictures[field] = await OrderFiles.ReadAsync(path, cancellation);
        var image = pictures.GetValueOrDefault("image");
        return order.Task switch
        {
            Engine.Jobs.GenerationTask.Txt2img => new Txt2ImgRequest { More = fields },
            Engine.Jobs.GenerationTask.Img2img => new Img2ImgRequest { More = fields, Image = image },
            Engine.Jobs.GenerationTask.Inpaint => new InpaintRequest { More = fields, Image = image, Mask = pictures.GetValueOrDefault("mask") },
            Engine.Jobs.GenerationTask.Outpaint => new OutpaintRequest { More = fields, Image = image },
            _ => new UpscaleRequest { More = fields, Image = image },
        };
    }

    /// <summary>Shows events as they come: within the reading, so that none overtakes another.</summary>
    private sealed class Watcher(RunView view) : IProgress<JobEvent>
    {
        public void Report(JobEvent value)
        {
            switch (value)
            {
                case JobQueued queued:
                    view.Queued(queued.Position, queued.Eta);
                    break;
                case JobProgressed progress:
                    view.Progress(progress.Step, progress.Steps, progress.Share, progress.Eta);
                    break;
                case JobPreview preview:
                    view.Preview(preview.Index, preview.Data);
                    break;
            }
        }
    }
}
