using Darkroom.Diffusion.Caching;

namespace Darkroom.Diffusion.Tests.Caching;

public sealed class EasyCacheTests
{
    [Fact]
    public void Estimate_is_the_rate_of_the_last_two_calls_times_the_way_since()
    {
        var cache = new EasyCache(threshold: 0.25, length: 2, calls: 20);
        Assert.Equal((3, 19), (cache.First, cache.Last));
        Make(cache, 0, [0, 0], [1, 1], 900);
        Make(cache, 1, [1, 1], [2, 2], 800);
        Make(cache, 2, [2, 2], [4, 4], 700); // k = 2 / 1, ‖v‖ = 4

        Assert.True(cache.CanSkip(3, [2.25f, 2.25f], 1)); // 2 · 0.25 / 4
        Assert.Equal(0.125, cache.Estimate, 12);
        Assert.False(cache.CanSkip(4, [2.5f, 2.5f], 1)); // 2 · 0.5 / 4 is not below 0.25
        Assert.Equal(0.25, cache.Estimate, 12);
        cache.Keep([5, 5], 500); // over a way of 0.5: k = 1 / 0.5
        Assert.True(cache.CanSkip(5, [3, 2.5f], 1)); // 2 · 0.25 / 5
        Assert.Equal(0.1, cache.Estimate, 12);
    }

    [Fact]
    public void Way_is_that_of_what_is_shown_and_its_parts_add_up()
    {
        var cache = new EasyCache(threshold: 1, length: 1, calls: 40);
        for (int call = 0; call < 6; call++) Make(cache, call, [call * 2], [10 + call], 1000 - call, scale: 0.5); // k = 1 / 1
        Assert.True(cache.CanSkip(6, [11], 0.5));
        Assert.Equal(0.5 / 15, cache.Estimate, 12);
        Assert.True(cache.CanSkip(7, [10], 0.5)); // back where it was: the way is 1 all the same
        Assert.Equal(1.0 / 15, cache.Estimate, 12);
    }

    [Fact]
    public void First_calls_and_last_ones_are_made_whatever_the_threshold()
    {
        foreach (int calls in (int[])[3, 4, 8, 20, 39, 150])
        {
            var cache = new EasyCache(threshold: 1, length: 1, calls);
            var skipped = new List<int>();
            for (int call = 0; call < calls; call++)
                if (cache.CanSkip(call, [call], 1)) skipped.Add(call);
                else cache.Keep([1000 + call], call);
            Assert.DoesNotContain(skipped, call => call < 2 || call < EasyCache.Start * calls || call == calls - 1 || call >= EasyCache.End * calls);
            Assert.Equal(cache.Last > cache.First, skipped.Count > 0);
        }
    }

    [Fact]
    public void Threshold_zero_leaves_out_no_call_even_where_nothing_changes()
    {
        var cache = new EasyCache(threshold: 0, length: 1, calls: 20);
        for (int call = 0; call < 20; call++)
        {
            Assert.False(cache.CanSkip(call, [1], 1));
            cache.Keep([1], call);
        }
    }

    [Fact]
    public void After_what_is_read_changed_two_calls_are_made()
    {
        var cache = new EasyCache(threshold: 1, length: 1, calls: 100);
        for (int call = 0; call < 20; call++) Make(cache, call, [call], [1000 + call], 100 - call);
        Assert.True(cache.CanSkip(20, [20], 1));
        cache.Forget();
        Assert.False(cache.CanSkip(21, [21], 1));
        cache.Keep([5000], 79);
        Assert.False(cache.CanSkip(22, [22], 1));
        cache.Keep([5001], 78);
        Assert.True(cache.CanSkip(23, [23], 1));
        Assert.Equal(1.0 / 5001, cache.Estimate, 12); // the change from what was read before is no rate
    }

    [Fact]
    public void Answer_goes_on_as_the_last_two_went()
    {
        var cache = new EasyCache(threshold: 1, length: 2, calls: 20);
        Make(cache, 0, [0, 0], [9, 9], 900);
        Make(cache, 1, [1, 1], [1, 4], 800);
        Make(cache, 2, [2, 2], [2, 2], 600);
        var values = new float[2];
        cache.Predict(values, 500);
        Assert.Equal([2.5f, 1f], values);
        cache.Predict(values, 0); // no further than the two are apart
        Assert.Equal([3f, 0f], values);
        Make(cache, 3, [3, 3], [7, 8], 600); // a second call at one timestep: no direction
        cache.Predict(values, 500);
        Assert.Equal([7f, 8f], values);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_call()
    {
        var cache = new EasyCache(threshold: 0.1, length: 64, calls: 10_000);
        float[] latents = new float[64], answer = new float[64];
        Run(0, 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000, 2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int from, int to)
        {
            for (int call = from; call < to; call++)
            {
                Array.Fill(latents, MathF.Sin(call / 10f));
                if (cache.CanSkip(call, latents, 0.5)) cache.Predict(answer, 10_000 - call);
                else cache.Keep(latents, 10_000 - call);
            }
        }
    }

    private static void Make(EasyCache cache, int call, float[] shown, float[] answer, double time, double scale = 1)
    {
        cache.CanSkip(call, shown, scale);
        cache.Keep(answer, time);
    }
}
