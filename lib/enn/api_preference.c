/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Compiled once for each numbering of EnnReturn.
 */
#include "enn_api-public.h"

#include "answer.h"
#include "preference.h"

EnnReturn
EnnSetPreferencePresetId(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_PRESET_ID, value));
}

EnnReturn
EnnGetPreferencePresetId(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_PRESET_ID, value));
}

EnnReturn
EnnSetPreferencePerfConfigId(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_PERF_CONFIG_ID, value));
}

EnnReturn
EnnGetPreferencePerfConfigId(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_PERF_CONFIG_ID, value));
}

EnnReturn
EnnSetPreferencePerfMode(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_PERF_MODE, value));
}

EnnReturn
EnnGetPreferencePerfMode(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_PERF_MODE, value));
}

EnnReturn
EnnSetPreferenceTimeOut(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_TIME_OUT, value));
}

EnnReturn
EnnGetPreferenceTimeOut(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_TIME_OUT, value));
}

EnnReturn
EnnSetPreferencePriority(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_PRIORITY, value));
}

EnnReturn
EnnGetPreferencePriority(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_PRIORITY, value));
}

EnnReturn
EnnSetPreferenceCoreAffinity(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_CORE_AFFINITY, value));
}

EnnReturn
EnnGetPreferenceCoreAffinity(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_CORE_AFFINITY, value));
}

EnnReturn
EnnSetPreferenceTargetLatency(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_TARGET_LATENCY, value));
}

EnnReturn
EnnGetPreferenceTargetLatency(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_TARGET_LATENCY, value));
}

EnnReturn
EnnSetPreferenceTriggerMode(const uint32_t value)
{
	return answer(enn_preference_set(ENN_PREFERENCE_TRIGGER_MODE, value));
}

EnnReturn
EnnGetPreferenceTriggerMode(uint32_t *value)
{
	return answer(enn_preference_get(ENN_PREFERENCE_TRIGGER_MODE, value));
}

EnnReturn
EnnResetPreferenceAsDefault(void)
{
	return answer(enn_preference_set_default());
}
