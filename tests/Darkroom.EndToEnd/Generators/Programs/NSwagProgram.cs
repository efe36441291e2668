using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Tasks;
using Generated.Forms;
using Generated.Json;
using Generated.Pictures;
using FileResponse = Generated.Json.FileResponse;
using Task = System.Threading.Tasks.Task;

namespace Generated.Json
{
    // Where NSwag lets its users in: methods answer without headers.
    public partial class JsonClient
    {
        public HttpResponseHeaders? Headers { get; private set; }

        partial void ProcessResponse(HttpClient client, HttpResponseMessage response) => Headers = response.Headers;
    }
}

namespace Darkroom.EndToEnd.Generators.Programs
{
    /// <summary>What a person writes on clients that NSwag generated.</summary>
    public static class NSwagProgram
    {
        private static readonly Generated.Json.JobStatus[] Unfinished = [Generated.Json.JobStatus.Queued, Generated.Json.JobStatus.Running];

        public static async Task<object> RunAsync(string address, string key, string picture)
        {
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            var client = new JsonClient(http) { BaseUrl = address };
            return new Dictionary<string, object>
            {
                ["made"] = await MadeAsync(client),
                ["uploaded"] = await UploadedAsync(new FormsClient(http) { BaseUrl = address }, picture),
                ["background"] = await BackgroundAsync(client),
                ["events"] = await EventsAsync(client),
                ["cancelled"] = await CancelledAsync(client),
                ["repeated"] = await RepeatedAsync(client),
                ["fault"] = await FaultAsync(client),
                ["missing"] = await MissingAsync(client),
                ["binary"] = await BinaryAsync(new PicturesClient(http) { BaseUrl = address }),
            };
        }

        private static Generated.Json.Txt2ImgRequest Wanted() => new()
        {
            // Upscale stays null and is sent as null, which declines the model's own.
            Prompt = "red apple", Width = 64, Height = 64, Seed = 7, Steps = 4, Sampler = Generated.Json.Sampler.Euler_ancestral,
        };

        private static async Task<object> MadeAsync(JsonClient client)
        {
            var answer = await client.Txt2imgAsync(Wanted());
            var image = answer.Images.Single();
            return new
            {
                task = Wire(answer, "task"), status = Wire(answer, "status"), model = answer.Model, steps = answer.Parameters.Steps,
                sampler = Wire(answer.Parameters, "sampler"),
                picture = new
                {
                    width = image.Width, height = image.Height, format = Wire(image, "format"), seed = image.Seed, sha256 = image.Sha256,
                    data = Convert.ToBase64String(image.Data),
                },
            };
        }

        private static async Task<object> UploadedAsync(FormsClient client, string picture)
        {
            using var file = File.OpenRead(picture);
            var answer = await client.Img2imgAsync(
                image: new FileParameter(file, "canvas.png", "image/png"), prompt: "red apple", seed: 7, steps: 4, strength: 0.6,
                sampler: Generated.Forms.Sampler.Euler_ancestral);
            var image = answer.Images.Single();
            return new
            {
                task = Wire(answer, "task"), strength = answer.Parameters.Strength,
                picture = new
                {
                    width = image.Width, height = image.Height, format = Wire(image, "format"), seed = image.Seed, sha256 = image.Sha256,
                    data = Convert.ToBase64String(image.Data),
                },
            };
        }

        // A status of success beside 200 is an exception, whose result is typed.
        private static async Task<Generated.Json.ApiException<Generated.Json.JobAnswer>> BeginAsync(JsonClient client, Generated.Json.Txt2ImgRequest body)
        {
            try
            {
                await client.Txt2imgAsync(body, prefer: "respond-async");
            }
            catch (Generated.Json.ApiException<Generated.Json.JobAnswer> accepted)
            {
                return accepted;
            }
            throw new InvalidOperationException("The server waited.");
        }

        private static async Task<(Generated.Json.JobAnswer Job, int Polls)> EndAsync(JsonClient client, string id)
        {
            for (int polls = 1; ; polls++)
            {
                var job = await client.GetJobAsync(id);
                if (!Unfinished.Contains(job.Status)) return (job, polls);
                await Task.Delay(20);
            }
        }

        private static async Task<object> BackgroundAsync(JsonClient client)
        {
            var accepted = await BeginAsync(client, Wanted());
            var (job, polls) = await EndAsync(client, accepted.Result.Id);
            using var file = await client.GetImageAsync(job.Images.Single().Url.Split('/')[^1]);
            return new
            {
                status = accepted.StatusCode, location = accepted.Headers["Location"].Single(), applied = accepted.Headers["Preference-Applied"].Single(),
                polls, end = Wire(job, "status"), picture = Convert.ToBase64String(await BytesAsync(file.Stream)),
            };
        }

        private static async Task<object> EventsAsync(JsonClient client)
        {
            var body = Wanted();
            body.Preview_every = 2;
            string id = (await BeginAsync(client, body)).Result.Id;
            var (names, steps, sha256) = (new List<string>(), new List<int>(), "");
            using FileResponse stream = await client.StreamJobEventsAsync(id);
            await foreach (var one in SseParser.Create(stream.Stream).EnumerateAsync())
            {
                names.Add(one.EventType);
                if (one.EventType == "progress") steps.Add(JsonSerializer.Deserialize<Generated.Json.ProgressEvent>(one.Data)!.Step);
                if (one.EventType == "succeeded") sha256 = JsonSerializer.Deserialize<Generated.Json.GenerationAnswer>(one.Data)!.Images.Single().Sha256;
            }
            return new { names, steps, end = Wire(await client.GetJobAsync(id), "status"), sha256 };
        }

        private static async Task<object> CancelledAsync(JsonClient client)
        {
            var body = Wanted();
            (body.Steps, body.Count) = (150, 8);
            string id = (await BeginAsync(client, body)).Result.Id;
            var asked = await client.CancelJobAsync(id);
            return new { asked = Wire(asked, "status"), end = Wire((await EndAsync(client, id)).Job, "status") };
        }

        private static async Task<object> RepeatedAsync(JsonClient client)
        {
            var first = await client.Txt2imgAsync(Wanted(), idempotency_Key: "nswag");
            var second = await client.Txt2imgAsync(Wanted(), idempotency_Key: "nswag");
            var body = Wanted();
            body.Seed = 8;
            return new
            {
                first = first.Id, second = second.Id, replayed = client.Headers!.GetValues("Idempotent-Replayed").Single(),
                other = Wire((await RefusedAsync(() => client.Txt2imgAsync(body, idempotency_Key: "nswag"))).Result, "type"),
            };
        }

        private static async Task<object> FaultAsync(JsonClient client)
        {
            var body = Wanted();
            (body.Steps, body.Guidance_scale) = (151, -1);
            var refused = await RefusedAsync(() => client.Txt2imgAsync(body));
            return new
            {
                status = refused.StatusCode, type = Wire(refused.Result, "type"), requestId = refused.Result.Request_id,
                faults = refused.Result.Errors.Select(fault => new { field = fault.Field, limit = fault.Limit, value = fault.Value }),
            };
        }

        private static async Task<object> MissingAsync(JsonClient client)
        {
            var refused = await RefusedAsync(() => client.GetJobAsync(new string('0', 32)));
            return new { status = refused.StatusCode, type = Wire(refused.Result, "type") };
        }

        private static async Task<object> BinaryAsync(PicturesClient client)
        {
            using var file = await client.Txt2imgAsync(new()
            {
                Prompt = "red apple", Width = 64, Height = 64, Seed = 7, Steps = 4, Sampler = Generated.Pictures.Sampler.Euler_ancestral,
            });
            return new
            {
                type = file.Headers["Content-Type"].Single(), seed = file.Headers["X-Seed"].Single(), job = file.Headers["X-Job-Id"].Single(),
                data = Convert.ToBase64String(await BytesAsync(file.Stream)),
            };
        }

        private static async Task<Generated.Json.ApiException<Generated.Json.ProblemDocument>> RefusedAsync<T>(Func<Task<T>> call)
        {
            try
            {
                await call();
            }
            catch (Generated.Json.ApiException<Generated.Json.ProblemDocument> refused)
            {
                return refused;
            }
            throw new InvalidOperationException("Nothing was refused.");
        }

        private static async Task<byte[]> BytesAsync(Stream stream)
        {
            var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            return bytes.ToArray();
        }

        // A name as the wire says it.
        private static string Wire(object typed, string name) => JsonSerializer.SerializeToElement(typed).GetProperty(name).GetString()!;
    }
}
