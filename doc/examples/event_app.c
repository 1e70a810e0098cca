/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The acceldev authors
 *
 * Copies, and goes on after its device failed. With a device model, which it has fail half way:
 *
 *	event_app [EAL options] -- sim:edu
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <rte_eal.h>
#include <acceldev/acceldev.h>
#include <acceldev/accel_event.h>
#include <acceldev/devmodel.h>

#define BURST 8
#define CHUNK 1024
#define ROUNDS 20

static void
on_event(uint16_t dev, enum accel_event event, void *arg)
{
	int *happened = arg;

	printf("device %u: %s\n", dev, accel_event_str(event));
	if (event == ACCEL_EVENT_ERROR || event == ACCEL_EVENT_REMOVING)
		__atomic_store_n(happened, 1, __ATOMIC_RELEASE);
}

/* By the thread that has the queue pair: 0 when the device works again. */
static int
recover(uint16_t dev)
{
	struct accel_op *back[BURST];
	struct accel_dev_info info;

	accel_dev_stop(dev);
	while (accel_dequeue_burst(dev, 0, back, BURST) > 0)
		; /* each has a status: the work is to be done again */
	if (accel_dev_info_get(dev, &info) != 0 || info.health >= ACCEL_DEV_REMOVING)
		return -ENODEV; /* free its buffers, close it */
	if (accel_dev_reset(dev) != 0)
		return -EIO;
	return accel_dev_start(dev);
}

/* One round: the ops that succeeded. An event ends it early, with ops in flight. */
static int
copy(uint16_t dev, const struct accel_buf *buf, const int *happened)
{
	struct accel_op ops[BURST] = { 0 }, *list[BURST], *back[BURST];
	int i, n, sent = 0, done = 0, good = 0;

	for (i = 0; i < BURST; i++) {
		ops[i].type = ACCEL_OP_COPY;
		ops[i].src = buf->iova;
		ops[i].dst = buf->iova + CHUNK;
		ops[i].len = CHUNK;
		list[i] = &ops[i];
	}
	while (done < BURST && (done < sent || !__atomic_load_n(happened, __ATOMIC_ACQUIRE))) {
		sent += accel_enqueue_burst(dev, 0, &list[sent], (uint16_t)(BURST - sent));
		n = accel_dequeue_burst(dev, 0, back, BURST);
		for (i = 0; i < n; i++)
			good += back[i]->status == ACCEL_STATUS_SUCCESS;
		done += n;
	}
	return good;
}

static int
work(uint16_t dev, const struct accel_buf *buf, const char *model, int *happened)
{
	int round, ret = 0, good = 0;

	for (round = 0; ret == 0 && round < ROUNDS; round++) {
		if (round == ROUNDS / 2 && model != NULL)
			devmodel_inject(model, DEVMODEL_ERROR);
		good += copy(dev, buf, happened);
		if (__atomic_exchange_n(happened, 0, __ATOMIC_ACQ_REL))
			ret = recover(dev);
	}
	printf("%s: %d of %d ops\n", accel_strerror(ret), good, ROUNDS * BURST);
	accel_dev_stop(dev);
	return ret;
}

static int
setup(uint16_t dev, struct accel_buf **buf)
{
	struct accel_dev_conf conf = { .size = sizeof(conf), .nb_qps = 1 };
	int ret = accel_dev_configure(dev, &conf);

	if (ret == 0)
		ret = accel_qp_setup(dev, 0, NULL);
	if (ret == 0)
		ret = accel_buf_alloc(dev, 2 * CHUNK, 0, ACCEL_BUF_ZERO, buf);
	return ret != 0 ? ret : accel_dev_start(dev);
}

int
main(int argc, char **argv)
{
	struct accel_buf *buf = NULL;
	int args = rte_eal_init(argc, argv), dev, ret, happened = 0;
	const char *spec;

	if (args < 0)
		return 1;
	spec = argc > args + 1 ? argv[args + 1] : "sim:edu";
	dev = accel_dev_probe(spec);
	if (dev < 0)
		return 1;
	ret = accel_event_register((uint16_t)dev, on_event, &happened);
	if (ret == 0)
		ret = setup((uint16_t)dev, &buf);
	if (ret == 0)
		ret = work((uint16_t)dev, buf, strncmp(spec, "sim:", 4) == 0 ? spec + 4 : NULL,
				&happened);
	accel_buf_free(buf);
	accel_dev_close((uint16_t)dev);
	rte_eal_cleanup();
	return ret != 0;
}
