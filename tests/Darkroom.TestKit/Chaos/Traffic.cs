using System.Text.Json.Nodes;

namespace Darkroom.TestKit.Chaos;

/// <summary>
/// Orders of all tasks, models and manners, the same ones in the same order for a seed. Safe for any number of threads, each of which then gets some of them.
/// </summary>
public sealed class Traffic(int seed)
{
    private static readonly string[] Samplers =
        ["euler", "euler_ancestral", "heun", "dpmpp_2m", "dpmpp_2m_sde", "dpmpp_2s_ancestral", "ddim", "ddpm", "unipc", "lms", "dpm_2", "pndm"];

    private static readonly string[] Words =
        ["fox", "house", "boat", "(red:1.3)", "[night]", "apple", "snow", "on a hill", "BREAK", "by the sea", "[a|b]",
        "3d render"];

    private static readonly int[] Sides = [64, 96, 128];

    /// <summary>A caller who waits is the usual one.</summary>
    private static readonly Manner[] Manners =
    [
        Manner.Wait, Manner.Wait, Manner.Wait, Manner.Wait, Manner.Picture, Manner.Picture, Manner.HangUp, Manner.HangUp, Manner.Deadline, Manner.Poll,
        Manner.Cancel, Manner.Cancel, Manner.Follow, Manner.Follow, Manner.Resume, Manner.Idle,
    ];

    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private int made;

    public ChaosOrder Next()
    {
        lock (gate)
        {
            int number = made++;
            if (random.Next(25) == 0) return WrongOrder.Make(number, random);
            var manner = Pick(Manners);
            var (task, model, end) = random.Next(8) == 0 ? Upscale() : random.Next(7) == 0 ? Poisoned() : Healthy();
            var body = task == "upscale" ? UpscaleBody(model) : Generation(task, model);
            Add(body, manner);
            return new ChaosOrder(number, task, model, manner, body, random.Next(400), new Expectation(end).For(manner));
        }
    }

    private (string Task, string Model, string End) Upscale() => ("upscale", Pick(ChaosModels.Upscalers), Expectation.Succeeded);

    private (string Task, string Model, string End) Healthy()
    {
        var (model, tasks) = Pick(ChaosModels.Healthy);
        return (Pick(tasks), model, Expectation.Succeeded);
    }

    private (string Task, string Model, string End) Poisoned()
    {
        var (model, tasks, end) = Pick(ChaosModels.Poisoned);
        return (Pick(tasks), model, end);
    }

    private void Add(JsonObject body, Manner manner)
    {
        body["format"] = Pick(["png", "png", "jpeg", "webp"]);
        if (random.Next(3) == 0) body["priority"] = Pick(["low", "high"]);
        if (random.Next(3) == 0) body["return"] = "url";
        if (manner == Manner.Picture)
        {
            (body["format"], body["return"]) = ("png", "data");
            body.Remove("count");
        }
        if (manner == Manner.Deadline) body["deadline"] = Math.Round(0.02 + random.NextDouble(), 3);
        if (manner is Manner.Follow or Manner.Resume && body.ContainsKey("steps")) body["preview_every"] = random.Next(1, 4);
    }

    private JsonObject Generation(string task, string model)
    {
        var (width, height) = (Pick(Sides), Pick(Sides));
        var body = new JsonObject
        {
            ["model"] = model, ["prompt"] = Prompt(), ["seed"] = random.Next(), ["steps"] = random.Next(2, 13), ["sampler"] = Pick(Samplers),
            ["guidance_scale"] = Pick([1.0, 2.5, 7]),
        };
        if (random.Next(2) == 0) body["negative_prompt"] = Prompt();
        if (random.Next(4) == 0) body["count"] = random.Next(2, 4);
        if (random.Next(6) == 0) body["upscale"] = new JsonObject { ["model"] = Pick(ChaosModels.Upscalers), ["scale"] = random.Next(2, 4) };
        if (task == "txt2img")
        {
            (body["width"], body["height"]) = (width, height);
            return body;
        }
        // Any size: it is brought to what the model takes.
        if (random.Next(3) == 0) (width, height) = (width + random.Next(32), height + random.Next(32));
        body["image"] = TrafficPictures.Photo(random, width, height);
        body["strength"] = Pick([0.6, 0.8, 1]);
        if (task == "inpaint") AddMask(body, width, height);
        if (task == "outpaint") body[Pick(["left", "right", "up", "down"])] = random.Next(8, 65);
        return body;
    }

    private void AddMask(JsonObject body, int width, int height)
    {
        body["mask"] = TrafficPictures.Mask(random, width, height);
        body["area"] = Pick(["whole", "masked"]);
        body["mask_blur"] = random.Next(8);
    }

    private JsonObject UpscaleBody(string model) => new()
    {
        ["model"] = model, ["image"] = TrafficPictures.Photo(random, random.Next(24, 100), random.Next(24, 100)), ["scale"] = random.Next(1, 5),
    };

    private string Prompt() => string.Join(' ',
        Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pick(Words)).Prepend("a fox").Append($"number {random.Next(100)}"));

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
